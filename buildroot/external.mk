include $(sort $(wildcard $(BR2_EXTERNAL_UNLOCKPOINT_PATH)/package/*/*.mk))
